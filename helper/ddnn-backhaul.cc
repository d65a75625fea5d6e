// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-backhaul.h"

#include "ddnn-topology.h"

#include "ns3/onoff-application.h"
#include "ns3/simulator.h"

#include <stdexcept>

namespace ns3
{

void
DdnnBackhaul::Check(const DdnnBackhaulSettings& settings)
{
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
    DdnnBackground::Check(settings.background);
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
