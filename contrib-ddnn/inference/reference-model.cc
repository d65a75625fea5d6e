// SPDX-License-Identifier: GPL-2.0-only
#include "reference-model.h"

#include "exit.h"

namespace ddnn
{

ReferenceModel::ReferenceModel(const Network& network)
    : Model(network.hierarchy)
    , m_network(network)
{
    for (std::size_t tier = 0; tier < network.sections.size(); ++tier)
    {
        m_sections.emplace_back();
        for (std::size_t node = 0; node < network.sections[tier].size(); ++node)
        {
            m_sections[tier].push_back(MakeRunner(network, tier, node));
        }
    }
}

NodeOutput
ReferenceModel::RunDevice(int device, const uint8_t* view) const
{
    CheckDevice(device);
    return m_sections[0][device]->Run(view);
}

NodeOutput
ReferenceModel::RunNode(int tier, int node, const std::vector<Features>& children) const
{
    CheckChildren(tier, node, children);
    return m_sections[tier][node]->Run(children);
}

Verdict
ReferenceModel::CloseExit(int tier, const std::vector<Scores>& scores) const
{
    return MakeVerdict(JoinScores(m_network, tier, scores), GetHierarchy().confidence);
}

} // namespace ddnn
