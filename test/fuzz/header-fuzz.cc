// SPDX-License-Identifier: GPL-2.0-only
// Whatever arrives from the network is read without harm, and what is accepted is what was sent.
#include "model/messages/ddnn-header.h"
#include "model/messages/ddnn-payload.h"

#include "ns3/packet.h"

#include <cstdlib>
#include <cstring>
#include <vector>

using namespace ns3;

namespace
{

void
Require(bool condition)
{
    if (!condition)
    {
        std::abort();
    }
}

std::vector<uint8_t>
Bytes(Ptr<const Packet> packet)
{
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    return bytes;
}

void
CheckPayload(const DdnnPayload& payload)
{
    ddnn::Scores scores;
    if (DecodeScores(payload, 3, scores))
    {
        Require(EncodeScores(scores) == payload);
    }
    DdnnPrediction prediction;
    if (DecodePrediction(payload, 2, 3, prediction))
    {
        Require(EncodePrediction(prediction) == payload);
    }
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    const std::vector<uint8_t> sent(data, data + size);
    auto packet = Create<Packet>(data, size);
    DdnnHeader header;
    if (!DdnnHeader::Read(packet, header))
    {
        Require(Bytes(packet) == sent);
        return 0;
    }
    CheckPayload(Bytes(packet));
    packet->AddHeader(header);
    Require(Bytes(packet) == sent);
    return 0;
}
