// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_COMPAT_H
#define DDNN_COMPAT_H

/*
 * One source tree for ns-3.37 (Debian bookworm) and for what came after. Releases are told apart by
 * headers that only newer ones have. Never ask for an old header or for version-defines.h: an
 * in-tree build also sees the headers of an installed libns3-dev.
 */

#include "ns3/event-id.h" // nstime.h includes it up to 3.46 only

#if __has_include("ns3/application-helper.h")
/// Application::AssignStreams is virtual since ns-3.42.
#define DDNN_OVERRIDE_SINCE_342 override
#else
/// Application::AssignStreams is virtual since ns-3.42.
#define DDNN_OVERRIDE_SINCE_342
#endif

#if __has_include("ns3/application-helper.h")
/// EnumValue is a template since ns-3.41.
#define DDNN_MAKE_ENUM_ACCESSOR(type, member) MakeEnumAccessor<type>(member)
#else
/// EnumValue is a template since ns-3.41.
#define DDNN_MAKE_ENUM_ACCESSOR(type, member) MakeEnumAccessor(member)
#endif

#if __has_include("ns3/warnings.h")
/// LrWpanHelper::AssociateToPan is called CreateAssociatedPan since ns-3.38.
#define DDNN_CREATE_ASSOCIATED_PAN(helper, devices, pan) (helper).CreateAssociatedPan(devices, pan)
#else
/// LrWpanHelper::AssociateToPan is called CreateAssociatedPan since ns-3.38.
#define DDNN_CREATE_ASSOCIATED_PAN(helper, devices, pan) (helper).AssociateToPan(devices, pan)
#endif

#if __has_include("ns3/power-save-manager.h")
/// WifiMacQueue::PeekByTidAndAddress can ask for the source, too, since ns-3.48.
#define DDNN_PEEK_NEXT(queue, tid, to, item) \
    (queue).PeekByTidAndAddress(tid, to, std::nullopt, item)
#else
/// WifiMacQueue::PeekByTidAndAddress can ask for the source, too, since ns-3.48.
#define DDNN_PEEK_NEXT(queue, tid, to, item) (queue).PeekByTidAndAddress(tid, to, item)
#endif

#if __has_include("ns3/power-save-manager.h")
/// WifiMac::GetLinkIds, which need not be consecutive, is newer than ns-3.37.
#define DDNN_WIFI_LINK_IDS(mac) (mac)->GetLinkIds()
/// WifiMacQueue::Peek needed to know a link in ns-3.37, and knew one only.
#define DDNN_PEEK_FIRST(queue) (queue)->Peek()
/// A station that left its cell while its radio was off was a fatal error in ns-3.37.
#define DDNN_STATION_CAN_LEAVE_WHILE_OFF true
#else
/// WifiMac::GetLinkIds, which need not be consecutive, is newer than ns-3.37.
#define DDNN_WIFI_LINK_IDS(mac) \
    std::vector<uint8_t>        \
    {                           \
        0                       \
    }
/// WifiMacQueue::Peek needed to know a link in ns-3.37, and knew one only.
#define DDNN_PEEK_FIRST(queue) (queue)->Peek(0)
/// A station that left its cell while its radio was off was a fatal error in ns-3.37.
#define DDNN_STATION_CAN_LEAVE_WHILE_OFF false
#endif

#if !__has_include("ns3/application-helper.h")
namespace ns3
{

/// The classes of energy sources are in a namespace of their own since ns-3.42.
namespace energy
{
using namespace ::ns3;
}

/// The classes of IEEE 802.15.4 are in a namespace of their own since ns-3.42.
namespace lrwpan
{
using namespace ::ns3;
}

} // namespace ns3
#endif

#endif // DDNN_COMPAT_H
