// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SITE_APPLICATIONS_H
#define DDNN_SITE_APPLICATIONS_H

#include "ns3/application-container.h"
#include "ns3/ddnn-end-device.h"
#include "ns3/ddnn-exit.h"
#include "ns3/ddnn-sample-tracker.h"
#include "ns3/ddnn-server.h"

#include <vector>

namespace ns3
{

/// The applications of one site, by what they do.
struct DdnnSiteApplications
{
    Ptr<DdnnSite> site;
    Ptr<DdnnSampleTracker> tracker;
    std::vector<Ptr<DdnnEndDevice>> devices;           ///< `[device]`
    std::vector<std::vector<Ptr<DdnnServer>>> servers; ///< `[tier - 1][node]`
    std::vector<Ptr<DdnnExit>> exits;                  ///< `[tier]`
    std::vector<Ptr<DdnnApplication>> all;             ///< in the order of their installation

    /// \return the section of a node of any tier
    Ptr<DdnnSection> GetSection(uint32_t tier, uint32_t node) const;
};

/**
 * Sort applications by their sites.
 * \param applications what DdnnHelper::Install has returned, of one site or several; others among
 *        them are passed over
 * \return the sites in the order of their numbers
 * \throws std::runtime_error if a site is incomplete, two have one number, or there is none
 */
std::vector<DdnnSiteApplications> FindDdnnSites(const ApplicationContainer& applications);

} // namespace ns3

#endif // DDNN_SITE_APPLICATIONS_H
