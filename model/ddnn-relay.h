// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RELAY_H
#define DDNN_RELAY_H

#include "ddnn-application.h"

namespace ns3
{

/**
 * Stands at the gateway of a cell, where there are several: the local aggregator sends it one
 * offload request, which it passes on to the devices of its cell.
 */
class DdnnRelay : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnRelay();
    ~DdnnRelay() override;

  private:
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;
};

} // namespace ns3

#endif // DDNN_RELAY_H
