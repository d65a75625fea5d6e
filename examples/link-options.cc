// SPDX-License-Identifier: GPL-2.0-only
#include "link-options.h"

#include "option-values.h"

#include <cstdint>
#include <string>

namespace ddnn::examples
{

namespace
{

constexpr uint32_t MAX_QUEUE = 1000000000;

/// Packets or bytes.
bool
ParseQueueSize(const std::string& text, ns3::QueueSize& target)
{
    const std::size_t unitBegin = text.find_last_of("0123456789") + 1;
    const std::string unit = text.substr(unitBegin);
    uint32_t number = 0;
    if ((unit != "p" && unit != "B") ||
        !ParseNumber<uint32_t>(text.substr(0, unitBegin), 1, MAX_QUEUE, number))
    {
        return false;
    }
    target = ns3::QueueSize(unit == "p" ? ns3::QueueSizeUnit::PACKETS : ns3::QueueSizeUnit::BYTES,
                            number);
    return true;
}

/// Two times with a comma between.
bool
ParseTimes(const std::string& text, ns3::Time& first, ns3::Time& second)
{
    const std::size_t comma = text.find(',');
    ns3::Time begin;
    ns3::Time end;
    if (comma == std::string::npos || !ParseTime(text.substr(0, comma), true, begin) ||
        !ParseTime(text.substr(comma + 1), true, end))
    {
        return false;
    }
    first = begin;
    second = end;
    return true;
}

void
AddQueueOptions(Options& options, ns3::DdnnLink& link)
{
    using Discipline = ns3::DdnnDiscipline;
    options.Add("backhaulQueue",
                "at each end of the link to the cloud",
                "packets or bytes, like 100p or 64000B",
                ToText(link.queue),
                [&link](const std::string& text) {
                    return ParseQueueSize(text, link.queue);
                });
    options.AddChoice<Discipline>("backhaulQueueDisc",
                                  "ns-3's queueing discipline there; none: the device's own queue",
                                  link.discipline,
                                  {{"none", Discipline::NONE},
                                   {"fifo", Discipline::FIFO},
                                   {"pfifo-fast", Discipline::PFIFO_FAST},
                                   {"codel", Discipline::CODEL},
                                   {"fq-codel", Discipline::FQ_CODEL},
                                   {"red", Discipline::RED}});
}

} // namespace

void
AddBackhaulOptions(Options& options, ns3::DdnnScenarioSettings& scenario)
{
    ns3::DdnnBackhaulSettings& backhaul = scenario.links.backhaul;
    AddQueueOptions(options, scenario.links.cloud);
    options.Add("backhaulTrace",
                "how the link's rate changes from the first capture on",
                "a file with lines TIME RATE, like 0.5s 2Mbps",
                "",
                [&backhaul](const std::string& text) {
                    backhaul.trace = ns3::ReadRateTrace(text);
                    return true;
                });
    options.Add("backhaulOnOff",
                "how long the link transmits, and how long it then pauses, again and again",
                "two times, like 200ms,100ms",
                "",
                [&backhaul](const std::string& text) {
                    return ParseTimes(text, backhaul.on, backhaul.off);
                });
    options.AddDouble("backhaulLoad",
                      "other traffic upward on the link, as a part of its rate",
                      backhaul.background.load,
                      0,
                      ns3::DdnnBackgroundSettings::MAX_LOAD);
    options.AddDouble("backhaulLoss",
                      "probability that the link loses a packet, in each direction",
                      backhaul.loss,
                      0,
                      1);
}

} // namespace ddnn::examples
