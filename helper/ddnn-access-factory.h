// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_FACTORY_H
#define DDNN_ACCESS_FACTORY_H

#include "ddnn-access.h"
#include "ddnn-csma-access.h"
#include "ddnn-lr-wpan-access.h"
#include "ddnn-lte-access.h"
#include "ddnn-point-to-point-access.h"
#include "ddnn-wifi-access.h"

#include "contrib-ddnn/hierarchy.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/// Which access network, and the options of each.
struct DdnnAccessSettings
{
    std::string name{"wifi"};  ///< one of GetAccessNames()
    uint32_t cell{0};          ///< number of the cell, for its SSID or PAN identifier
    double packetErrorRate{0}; ///< DdnnAccess::SetLoss of all devices, from the first capture on
    DdnnPlacement placement{DdnnPlacement::CIRCLE}; ///< of all wireless networks
    double radiusMetres{0};          ///< of the placement; 0: what each technology has by default
    DdnnStationsSettings background; ///< in the first cell
    DdnnWifiSettings wifi;
    DdnnCsmaSettings csma;
    DdnnPointToPointSettings pointToPoint;
    DdnnLrWpanSettings lrWpan;
    DdnnLteSettings lte;
};

/// \return wifi, csma, p2p, lrwpan, lte
std::vector<std::string> GetAccessNames();

/**
 * Check what has no effect on the networks of a hierarchy, is out of range, or makes too much
 * happen.
 *
 * \param duration of the run, about
 * \throws std::runtime_error naming the option
 */
void CheckAccess(const DdnnAccessSettings& settings,
                 const ddnn::Hierarchy& hierarchy,
                 Time duration);

/// \throws std::runtime_error if the name or an option is not known
std::unique_ptr<DdnnAccess> MakeAccess(const DdnnAccessSettings& settings);

/// As MakeAccess, for one cell of several.
/// \param technology in the place of the settings' name; empty: that
std::unique_ptr<DdnnAccess> MakeCellAccess(DdnnAccessSettings settings,
                                           const std::string& technology,
                                           uint32_t cell);

} // namespace ns3

#endif // DDNN_ACCESS_FACTORY_H
