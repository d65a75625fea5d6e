// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-backhaul.h"

#include "ddnn-require.h"
#include "ddnn-topology.h"

#include "ns3/onoff-application.h"
#include "ns3/simulator.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{

namespace
{

/// \throws std::runtime_error naming an option that is not as by default
void
RefuseAll(const DdnnTopologySettings& links)
{
    const DdnnLink byDefault;
    const DdnnBackhaulSettings& settings = links.backhaul;
    for (const auto& [isSet, option] :
         {std::pair{links.cloud.rate != byDefault.rate, "Rate"},
          std::pair{links.cloud.delay != byDefault.delay, "Delay"},
          std::pair{links.cloud.queue != byDefault.queue, "Queue"},
          std::pair{links.cloud.discipline != byDefault.discipline, "QueueDisc"},
          std::pair{settings.loss > 0, "Loss"},
          std::pair{!settings.trace.empty(), "Trace"},
          std::pair{settings.off.IsStrictlyPositive(), "OnOff"},
          std::pair{settings.background.load > 0, "Load"}})
    {
        Require(!isSet,
                std::string("--backhaul") + option +
                    " has no effect on a hierarchy of one tier, which has no link to a cloud");
    }
}

} // namespace

void
DdnnBackhaul::Check(const DdnnTopologySettings& links, std::size_t numTiers, Time duration)
{
    const DdnnBackhaulSettings& settings = links.backhaul;
    // written so that NaN is refused
    if (!(settings.loss >= 0 && settings.loss <= 1))
    {
        throw std::runtime_error("--backhaulLoss must be 0 to 1");
    }
    if (settings.off.IsStrictlyNegative() || settings.on.IsStrictlyNegative() ||
        settings.off.IsZero() != settings.on.IsZero())
    {
        throw std::runtime_error("--backhaulOnOff must be two times above zero");
    }
    for (std::size_t i = 0; i < settings.trace.size(); ++i)
    {
        const DdnnRatePoint& point = settings.trace[i];
        if (point.rate.GetBitRate() == 0 || point.time.IsStrictlyNegative() ||
            (i > 0 && point.time <= settings.trace[i - 1].time))
        {
            throw std::runtime_error("--backhaulTrace must have rates above zero, at times that "
                                     "rise");
        }
    }
    const Time period = settings.on + settings.off;
    Require(period.IsZero() || duration.GetSeconds() / period.GetSeconds() <= DDNN_MAX_EVENTS,
            "--backhaulOnOff pauses the link more than ten million times in this run; use longer "
            "times");
    DdnnBackground::Check(settings.background, links.cloud, duration);
    if (numTiers == 1)
    {
        RefuseAll(links);
    }
}

DdnnBackhaul::DdnnBackhaul(DdnnTopology& topology, Time begin, Time end)
    : m_topology(topology)
    , m_settings(topology.GetSettings().backhaul)
    , m_wire(topology.GetTrunk(topology.GetLastTier()))
    , m_end(end)
    , m_background(DdnnBackground::Install(topology, end))
{
    if (m_settings.loss > 0 || !m_settings.trace.empty() || m_settings.off.IsStrictlyPositive())
    {
        Simulator::Schedule(begin - Simulator::Now(), &DdnnBackhaul::Begin, this);
    }
}

DdnnBackhaul::~DdnnBackhaul() = default;

int64_t
DdnnBackhaul::AssignStreams(int64_t stream)
{
    return m_background ? m_background->AssignStreams(stream) : 0;
}

void
DdnnBackhaul::Begin()
{
    if (m_settings.loss > 0)
    {
        m_topology.SetWireLoss(m_wire, m_settings.loss);
    }
    if (!m_settings.trace.empty())
    {
        const Time first = m_settings.trace.front().time;
        if (first.IsZero())
        {
            SetRate(0); // at once: before the capture
        }
        else
        {
            Simulator::Schedule(first, &DdnnBackhaul::SetRate, this, 0);
        }
    }
    if (m_settings.off.IsStrictlyPositive())
    {
        Simulator::Schedule(m_settings.on, &DdnnBackhaul::Pause, this);
    }
}

void
DdnnBackhaul::SetRate(std::size_t point)
{
    m_topology.SetWireRate(m_wire, m_settings.trace[point].rate);
    if (point + 1 < m_settings.trace.size())
    {
        Simulator::Schedule(m_settings.trace[point + 1].time - m_settings.trace[point].time,
                            &DdnnBackhaul::SetRate,
                            this,
                            point + 1);
    }
}

void
DdnnBackhaul::Pause()
{
    m_topology.PauseWire(m_wire, Simulator::Now() + m_settings.off);
    if (Simulator::Now() < m_end)
    {
        Simulator::Schedule(m_settings.on + m_settings.off, &DdnnBackhaul::Pause, this);
    }
}

} // namespace ns3
