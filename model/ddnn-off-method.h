// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_OFF_METHOD_H
#define DDNN_OFF_METHOD_H

#include "ns3/attribute.h"
#include "ns3/error-model.h"
#include "ns3/net-device.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/// Switches one net device off (true) and on (false), in turn: see DdnnNetDeviceSwitch.
using DdnnOffMethod = std::function<void(bool off)>;

/// \return the method for the type of this net device
DdnnOffMethod MakeDdnnOffMethod(Ptr<NetDevice> device);

/// \return the method for Wi-Fi, whatever the MAC
DdnnOffMethod MakeDdnnWifiOff(Ptr<NetDevice> device);

/// Attributes that have other values for a while.
class DdnnHeldAttributes
{
  public:
    void Hold(Ptr<Object> object, const std::string& name, const AttributeValue& value);

    /// Let an error model of the object lose all.
    void HoldLoss(Ptr<Object> object, const std::string& name);

    /// Let the attributes have the values from before they were held. As ns-3 cannot unset an error
    /// model, where there was none ours stays, and loses nothing.
    void Release();

  private:
    struct Held
    {
        Ptr<Object> object;
        std::string name;
        Ptr<AttributeValue> before;
    };

    std::vector<Held> m_held;
    std::vector<Ptr<ErrorModel>> m_losses;
};

} // namespace ns3

#endif // DDNN_OFF_METHOD_H
