// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"

#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// What a model gives too much of.
struct Excess
{
    std::size_t tier{0};
    std::size_t features{0};
    std::size_t scores{0};
};

/// A user's model that does not fit its hierarchy.
class WrongModel : public ddnn::test::TableModel
{
  public:
    WrongModel(const ddnn::Hierarchy& hierarchy, const Excess& excess)
        : TableModel(hierarchy)
        , m_excess(excess)
    {
    }

    ddnn::NodeOutput RunDevice(int device, const uint8_t* view) const override
    {
        return Spoil(TableModel::RunDevice(device, view), 0);
    }

    ddnn::NodeOutput RunNode(int tier,
                             int node,
                             const std::vector<ddnn::Features>& children) const override
    {
        return Spoil(TableModel::RunNode(tier, node, children), tier);
    }

  private:
    ddnn::NodeOutput Spoil(ddnn::NodeOutput output, std::size_t tier) const
    {
        if (tier == m_excess.tier)
        {
            output.features.resize(output.features.size() + m_excess.features);
            output.scores.resize(output.scores.size() + m_excess.scores);
        }
        return output;
    }

    Excess m_excess;
};

/// All tiers share one node.
void
Simulate(const Excess& excess)
{
    const auto world = ddnn::test::MakeWorld('c', 1, 1);
    const auto model = std::make_shared<WrongModel>(world.model->GetHierarchy(), excess);
    const NodeContainer node(1);
    InternetStackHelper().Install(node);
    DdnnHelper ddnn(model, world.dataset, world.samples);
    ddnn.SetExitAttribute("Threshold", DoubleValue(0), 0);
    DdnnHelper::StopAfterLastSample(ddnn.Install({node, node}, node));
    Simulator::Run();
    Simulator::Destroy();
}

} // namespace

TEST(SectionDeathTest, RefusesWhatAModelMustNotGive)
{
    Simulate({});
    Simulate({1, 1, 0}); // nobody takes the cloud's features
    EXPECT_DEATH(Simulate({0, 1, 0}),
                 "ddnn::Model::RunDevice gave 129 bytes of features for node 0 of tier 0, the "
                 "hierarchy says 128");
    EXPECT_DEATH(Simulate({0, 0, 1}), "RunDevice gave 16 bytes of scores .*tier 0.* says 12");
    EXPECT_DEATH(Simulate({1, 0, 1}), "RunNode gave 16 bytes of scores .*tier 1.* says 12");
}
