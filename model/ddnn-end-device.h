// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_END_DEVICE_H
#define DDNN_END_DEVICE_H

#include "ddnn-application.h"

#include "contrib-ddnn/dataset.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <map>
#include <vector>

namespace ns3
{

/**
 * A device that observes samples: it captures a view of each, runs the device section of the DDNN
 * on it, sends its class scores to the gateway and, if asked to, its features to the server.
 *
 * With raw offload it sends the view itself to the server at once.
 *
 * A message leaves after the device's compute delay and its slot, which keeps devices that capture
 * at the same moment, or answer the same request, from all sending at once.
 */
class DdnnEndDevice : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnEndDevice();
    ~DdnnEndDevice() override;

    /**
     * \param dataset where the views come from
     * \param samples index in the data set of each sample that is captured, in this order
     */
    void SetSamples(std::shared_ptr<const ddnn::Dataset> dataset, std::vector<std::size_t> samples);

    /// A failed device is silent: it neither captures nor answers.
    void SetFailed(bool failed);

    /// \return duration of the device section: its operations divided by the device's rate; zero
    /// with raw offload
    Time GetComputeDelay() const;

    int64_t AssignStreams(int64_t stream) DDNN_OVERRIDE_SINCE_342;

  private:
    /// A captured sample that the gateway may still ask for.
    struct Buffered
    {
        ddnn::Features features;
        Time ready; ///< when the section has finished
        bool requested{false};
    };

    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    void Capture(uint32_t sample);
    void Process(uint32_t sample, const uint8_t* view);
    void SendLater(Time delay, const Address& to, DdnnKind kind, uint32_t sample, DdnnPayload data);
    void SendNow(Address to, DdnnHeader header, DdnnPayload payload);

    uint32_t m_index;
    Address m_gateway;
    Address m_server;
    Time m_firstCapture;
    Time m_interval;
    double m_operationsPerSecond;
    Time m_slot;
    Time m_jitter;
    uint32_t m_bufferedSamples;
    bool m_failed{false};
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    std::map<uint32_t, Buffered> m_buffer; ///< by sample
    Ptr<UniformRandomVariable> m_random;
    EventId m_captureEvent;
    TracedCallback<uint32_t> m_captureTrace;
};

} // namespace ns3

#endif // DDNN_END_DEVICE_H
