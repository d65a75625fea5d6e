// SPDX-License-Identifier: GPL-2.0-only
#include "animation.h"

#include "ns3/animation-interface.h"
#include "ns3/mobility-model.h"

#include <fstream>
#include <stdexcept>

namespace ddnn::examples
{

std::shared_ptr<void>
Animate(const ns3::DdnnScenarioParts& parts, const std::string& file)
{
    constexpr double DISTANCE = 15;
    if (!std::ofstream(file).good())
    {
        throw std::runtime_error("--animation: cannot write " + file + "; choose another --output");
    }
    auto animation = std::make_shared<ns3::AnimationInterface>(file);
    const auto place = [&](ns3::Ptr<ns3::Node> node, double x, double y, const std::string& name) {
        if (!node->GetObject<ns3::MobilityModel>())
        {
            ns3::AnimationInterface::SetConstantPosition(node, x * DISTANCE, y * DISTANCE);
        }
        animation->UpdateNodeDescription(node, name);
    };
    const Hierarchy& hierarchy = parts.sites[0].site->GetHierarchy();
    double top = 0; // of the site
    for (const ns3::DdnnTopology& site : parts.topology->GetSites())
    {
        for (uint32_t tier = 0; tier < site.tiers.size(); ++tier)
        {
            const std::string name = ExitName(hierarchy, static_cast<int>(tier));
            place(site.exits.Get(tier), 2 * tier + 1, top, name + " exit");
            for (uint32_t node = 0; node < site.tiers[tier].GetN(); ++node)
            {
                place(site.tiers[tier].Get(node),
                      2 * tier,
                      top + node / 3.0,
                      hierarchy.tiers[tier].name + " " + std::to_string(node));
            }
        }
        for (std::size_t cell = 0; cell < site.cells.size(); ++cell)
        {
            place(site.cells[cell].gateway, 0.5, top + cell, "gateway " + std::to_string(cell));
        }
        top += 1 + site.tiers[0].GetN() / 3.0;
    }
    return animation;
}

} // namespace ddnn::examples
