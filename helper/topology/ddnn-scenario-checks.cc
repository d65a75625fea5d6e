// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-scenario-checks.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ns3
{

namespace
{

/// Stands for a model that is not trained yet: enough to install, not to run.
class Untrained : public ddnn::Model
{
  public:
    using Model::Model;

    ddnn::NodeOutput RunDevice(int, const uint8_t*) const override
    {
        throw std::logic_error("the model is not trained");
    }

    ddnn::NodeOutput RunNode(int, int, const std::vector<ddnn::Features>&) const override
    {
        throw std::logic_error("the model is not trained");
    }

    ddnn::Verdict CloseExit(int, const std::vector<ddnn::Scores>&) const override
    {
        throw std::logic_error("the model is not trained");
    }
};

} // namespace

std::shared_ptr<const ddnn::Model>
MakeUntrainedModel(const ddnn::Hierarchy& hierarchy)
{
    return std::make_shared<Untrained>(hierarchy);
}

void
CheckDraws(const ObjectBase& object, const std::string& attribute, double low, double high)
{
    PointerValue variable;
    object.GetAttribute(attribute, variable);
    for (int i = 0; i < 100; ++i)
    {
        const double value = variable.Get<RandomVariableStream>()->GetValue();
        if (!(value >= low && value <= high))
        {
            std::ostringstream message;
            message << object.GetInstanceTypeId().GetName() << "::" << attribute << " drew "
                    << value << ", it must be from " << low << " to " << high;
            throw std::runtime_error(message.str());
        }
    }
}

void
CheckDependent()
{
    constexpr const char* DEPENDENT[][4] = {
        {"ns3::DdnnExit", "BacklogLimit", "ns3::DdnnExit", "ExitPolicy"},
        {"ns3::DdnnCollector", "AdaptiveWindow", "ns3::DdnnCollector", "AdaptivePercentile"},
        {"ns3::DdnnSection", "FeatureTimeout", "ns3::DdnnSite", "FeatureTries"},
        {"ns3::DdnnEndDevice", "BucketSize", "ns3::DdnnEndDevice", "ByteBudget"},
        {"ns3::DdnnStations", "Load", "ns3::DdnnStations", "Stations"},
        {"ns3::DdnnScenario", "SitePhase", "ns3::DdnnScenario", "Sites"},
    };
    for (const auto& [type, attribute, otherType, other] : DEPENDENT)
    {
        if (!IsDefaultUnchanged(type, attribute) && IsDefaultUnchanged(otherType, other))
        {
            throw std::runtime_error(std::string(type) + "::" + attribute +
                                     " has no effect without " + otherType + "::" + other);
        }
    }
}

void
CheckPcapPrefix(const std::string& prefix)
{
    const std::string probe = prefix + "-0-1.pcap";
    const bool existed = std::filesystem::exists(probe);
    if (!std::ofstream(probe, std::ios::app))
    {
        throw std::runtime_error("cannot write " + probe + "; create its folder or choose another");
    }
    if (!existed)
    {
        std::filesystem::remove(probe);
    }
}

} // namespace ns3
