// SPDX-License-Identifier: GPL-2.0-only
#include "fault-options.h"

#include "ns3/ddnn-fault-script.h"

#include <memory>
#include <utility>

namespace ddnn::examples
{

namespace
{

/// Each option's events, as either can be given first.
struct FaultOptions
{
    std::vector<ns3::DdnnFault> script;
    std::vector<ns3::DdnnFault> text;

    std::vector<ns3::DdnnFault> Join() const
    {
        std::vector<ns3::DdnnFault> faults = script;
        Append(text, faults);
        return faults;
    }

    static void Append(const std::vector<ns3::DdnnFault>& more, std::vector<ns3::DdnnFault>& faults)
    {
        faults.insert(faults.end(), more.begin(), more.end());
    }
};

} // namespace

void
AddFaultOptions(Options& options, ns3::DdnnScenarioSettings& settings)
{
    const auto given = std::make_shared<FaultOptions>();
    options.Add("fault",
                "what fails while it runs, see the manual; times count from the first capture",
                "events TIME TARGET ACTION [VALUE...] with semicolons between them, like "
                "'3s device:2 down; 5s device:2 up'",
                "",
                [given, &settings](const std::string& text) {
                    const auto faults = ns3::ParseFaults(text);
                    FaultOptions::Append(faults, given->text);
                    settings.faults = given->Join();
                    return !faults.empty();
                });
    options.Add("faultScript",
                "the same from a file, an event a line",
                "a file",
                "",
                [given, &settings](const std::string& path) {
                    FaultOptions::Append(ns3::ReadFaultScript(path), given->script);
                    settings.faults = given->Join();
                    return true;
                });
}

} // namespace ddnn::examples
