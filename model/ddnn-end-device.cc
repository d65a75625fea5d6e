// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-end-device.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnEndDevice");
NS_OBJECT_ENSURE_REGISTERED(DdnnEndDevice);

TypeId
DdnnEndDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnEndDevice")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnEndDevice>()
            .AddAttribute("Index",
                          "Number of this device in its tier.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnEndDevice::m_index),
                          MakeUintegerChecker<uint32_t>(0, 65535))
            .AddAttribute("Gateway",
                          "Address and port that summaries are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnEndDevice::m_gateway),
                          MakeAddressChecker())
            .AddAttribute("Server",
                          "Address and port that features, or raw views, are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnEndDevice::m_server),
                          MakeAddressChecker())
            .AddAttribute("FirstCapture",
                          "Simulation time at which the first sample is captured.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&DdnnEndDevice::m_firstCapture),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Interval",
                          "Time between two captures.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnEndDevice::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("OperationsPerSecond",
                          "Speed of the processor. The default is a Cortex-M7 at 216 MHz: 24.7 "
                          "million operations in 99.1 ms (Lai, Suda, Chandra, CMSIS-NN, "
                          "arXiv:1801.06601).",
                          DoubleValue(249e6),
                          MakeDoubleAccessor(&DdnnEndDevice::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("Slot",
                          "How long this device holds a message back, so that devices do not all "
                          "send at once. The helper gives each device a slot of its own.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnEndDevice::m_slot),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Jitter",
                          "Upper limit of the random time that is added to the slot.",
                          TimeValue(MicroSeconds(20)),
                          MakeTimeAccessor(&DdnnEndDevice::m_jitter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("BufferedSamples",
                          "How many of the latest samples' features are kept for a request.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&DdnnEndDevice::m_bufferedSamples),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Capture",
                            "A sample was captured.",
                            MakeTraceSourceAccessor(&DdnnEndDevice::m_captureTrace),
                            "ns3::DdnnApplication::SampleTracedCallback");
    return tid;
}

DdnnEndDevice::DdnnEndDevice()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

DdnnEndDevice::~DdnnEndDevice() = default;

void
DdnnEndDevice::SetSamples(std::shared_ptr<const ddnn::Dataset> dataset,
                          std::vector<std::size_t> samples)
{
    m_dataset = std::move(dataset);
    m_samples = std::move(samples);
}

void
DdnnEndDevice::SetFailed(bool failed)
{
    m_failed = failed;
}

Time
DdnnEndDevice::GetComputeDelay() const
{
    if (GetHierarchy().rawOffload)
    {
        return Time(0);
    }
    return Seconds(ddnn::Operations(GetHierarchy(), 0, m_index) / m_operationsPerSecond);
}

int64_t
DdnnEndDevice::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
DdnnEndDevice::DoDispose()
{
    m_dataset = nullptr;
    m_random = nullptr;
    DdnnApplication::DoDispose();
}

void
DdnnEndDevice::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(!m_dataset, "a device needs a data set: call SetSamples before the start");
    NS_ABORT_MSG_IF(m_firstCapture < Simulator::Now(),
                    "FirstCapture is before the start of the device");
    m_random->SetAttribute("Max", DoubleValue(m_jitter.GetSeconds()));
    if (!m_samples.empty())
    {
        m_captureEvent = Simulator::Schedule(m_firstCapture - Simulator::Now(),
                                             &DdnnEndDevice::Capture,
                                             this,
                                             0);
    }
}

void
DdnnEndDevice::StopApplication()
{
    m_captureEvent.Cancel();
    DdnnApplication::StopApplication();
}

void
DdnnEndDevice::Capture(uint32_t sample)
{
    if (sample + 1 < m_samples.size())
    {
        m_captureEvent = Simulator::Schedule(m_interval, &DdnnEndDevice::Capture, this, sample + 1);
    }
    if (m_failed)
    {
        return;
    }
    m_captureTrace(sample);
    const uint8_t* view = m_dataset->View(m_samples[sample], m_index);
    if (GetHierarchy().rawOffload)
    {
        SendLater(Time(0),
                  m_server,
                  DdnnKind::RAW,
                  sample,
                  DdnnPayload(view, view + ddnn::RawBytes(GetHierarchy(), m_index)));
    }
    else
    {
        Process(sample, view);
    }
}

void
DdnnEndDevice::Process(uint32_t sample, const uint8_t* view)
{
    ddnn::NodeOutput output = GetModel().RunDevice(m_index, view);
    const Time delay = GetComputeDelay();
    Buffered& entry = m_buffer[sample];
    entry.features = std::move(output.features);
    entry.ready = Simulator::Now() + delay;
    if (m_buffer.size() > m_bufferedSamples)
    {
        m_buffer.erase(m_buffer.begin());
    }
    SendLater(delay, m_gateway, DdnnKind::SUMMARY, sample, EncodeScores(output.scores));
}

void
DdnnEndDevice::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    if (m_failed)
    {
        return;
    }
    if (header.kind != DdnnKind::OFFLOAD_REQUEST)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    if (!payload.empty())
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    const auto found = m_buffer.find(header.sample);
    if (found == m_buffer.end())
    {
        return Reject(DdnnReject::UNKNOWN_SAMPLE, header);
    }
    Buffered& entry = found->second;
    if (entry.requested)
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    entry.requested = true;
    SendLater(Max(entry.ready - Simulator::Now(), Time(0)),
              m_server,
              DdnnKind::FEATURES,
              header.sample,
              std::move(entry.features));
}

void
DdnnEndDevice::SendLater(Time delay,
                         const Address& to,
                         DdnnKind kind,
                         uint32_t sample,
                         DdnnPayload data)
{
    DdnnHeader header;
    header.kind = kind;
    header.sender = m_index;
    header.sample = sample;
    Simulator::Schedule(delay + m_slot + Seconds(m_random->GetValue()),
                        &DdnnEndDevice::SendNow,
                        this,
                        to,
                        header,
                        std::move(data));
}

void
DdnnEndDevice::SendNow(Address to, DdnnHeader header, DdnnPayload payload)
{
    if (!m_failed)
    {
        Send(to, header, payload);
    }
}

} // namespace ns3
