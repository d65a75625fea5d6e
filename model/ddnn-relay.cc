// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-relay.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnRelay);

TypeId
DdnnRelay::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnRelay")
                            .SetParent<DdnnApplication>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnRelay>();
    return tid;
}

DdnnRelay::DdnnRelay() = default;

DdnnRelay::~DdnnRelay() = default;

void
DdnnRelay::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    if (header.kind != DdnnKind::OFFLOAD_REQUEST || header.tier != 0)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    if (!payload.empty())
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    SendToTargets(header);
}

} // namespace ns3
