// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HELPER_H
#define DDNN_HELPER_H

#include "ns3/application-container.h"
#include "ns3/attribute.h"
#include "ns3/ddnn-application.h"
#include "ns3/ddnn-site.h"
#include "ns3/node-container.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Installs a DDNN on nodes that exist: any net devices that carry IPv4 or IPv6, any routing, moving
 * or not. It creates applications and, where a node has none, a DdnnProcessor; no nodes, devices,
 * addresses or routes.
 *
 * The applications are ordinary ones: sampling starts with them, and the addresses of their nodes
 * are looked up when they send. Attributes of all sites have their defaults set by
 * Config::SetDefault, or on the command line; what is set here is for the sites that are installed
 * afterwards, and comes before the defaults.
 */
class DdnnHelper
{
  public:
    static constexpr int ALL_TIERS = -1;

    /// Speed of a processor that is no end device's, see DdnnProcessor.
    static constexpr double SERVER_OPERATIONS_PER_SECOND = 100e9;

    /**
     * \param model the trained sections and their hierarchy, shared by all nodes
     * \param dataset where the end devices' views come from
     * \param samples index in the data set of each sample, in the order of capture
     * \throws std::runtime_error if these do not fit together
     */
    DdnnHelper(std::shared_ptr<const ddnn::Model> model,
               std::shared_ptr<const ddnn::Dataset> dataset,
               std::vector<std::size_t> samples);

    /// Set the samples of the sites that are installed from now on.
    /// \throws std::runtime_error if the data set does not have one of them
    void SetSamples(std::vector<std::size_t> samples);

    const std::vector<std::size_t>& GetSamples() const;

    /// Set the number of the site that is installed next, which fixes its port and its random
    /// streams. The first one is 0, and each Install adds one.
    void SetSiteNumber(uint16_t number);

    /// Give nodes processors of another speed than Install would, in operations per second.
    static void InstallProcessor(const NodeContainer& nodes,
                                 double operationsPerSecond,
                                 uint32_t cores = 1);

    /// Set the IP address by which all reach a node, where the choice of the endpoint will not do:
    /// a node with a default route alone takes the first address of one with several.
    /// \param address an Ipv4Address or Ipv6Address that the node has, or will get while the
    ///        simulation runs
    void SetAddress(Ptr<Node> node, const Address& address);

    /// Set an attribute of DdnnSite. Each site makes an object of its own of a text, such as a
    /// random variable; a pointer is shared.
    /// \throws std::runtime_error like the next three, if there is no such attribute or it does not
    ///         accept the value
    void SetSiteAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of DdnnEndDevice.
    void SetEndDeviceAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of DdnnServer, or of its DdnnCollector, in a tier above the end devices or
    /// all.
    /// \throws std::runtime_error too, like the next, if there is no such tier
    void SetServerAttribute(const std::string& name,
                            const AttributeValue& value,
                            int tier = ALL_TIERS);

    /// Set an attribute of DdnnExit, or of its DdnnCollector, in a tier or all.
    void SetExitAttribute(const std::string& name,
                          const AttributeValue& value,
                          int tier = ALL_TIERS);

    /**
     * Install a site.
     *
     * \param tiers nodes of each tier of the hierarchy, from the end devices up
     * \param exits node of each tier's exit, from the end devices up; a tier beyond the last of
     *        these must have a single node, which is its own exit. The first exit's node keeps
     *        account of the samples.
     * \return the applications: the sample tracker, the end devices, the servers and the exits
     * \throws std::runtime_error if the nodes do not fit the hierarchy, have no IP stack or have a
     *         site of that number, or there is no sample
     */
    ApplicationContainer Install(const std::vector<NodeContainer>& tiers,
                                 const NodeContainer& exits = NodeContainer());

    /**
     * Stop the simulation when the samples of all these sites have ended for certain: an interval
     * and the sample deadline after the last one is captured, or after the sample tracker stops.
     * Call it before the simulation runs, once for all sites or once for each.
     * \param applications what Install has returned, of one site or several
     * \param drain how long the simulation goes on then
     */
    static void StopAfterLastSample(const ApplicationContainer& applications,
                                    Time drain = Seconds(0));

    /**
     * Fix the random streams of all that was installed, so that the result depends on ns-3's seed
     * and run number alone.
     * \return how many streams were used
     */
    int64_t AssignStreams(int64_t stream) const;

    /// \return a line for each end device that computes longer on a sample than the mean time
    ///         between two, where that is known
    std::vector<std::string> GetWarnings() const;

  private:
    /// An attribute that the user has set.
    struct Setting
    {
        TypeId type; ///< of the applications
        int tier;    ///< or ALL_TIERS
        std::string name;
        Ptr<const AttributeValue> value;
    };

    /// One call of Install.
    struct Installed
    {
        Ptr<DdnnSite> site;
        std::vector<Ptr<DdnnApplication>> applications;
    };

    void Set(TypeId type, const std::string& name, const AttributeValue& value, int tier);
    void Apply(Ptr<Object> object, int tier) const;
    DdnnSiteConfig MakeConfig(const std::vector<NodeContainer>& tiers,
                              const NodeContainer& exits) const;
    void InstallProcessors(const DdnnSiteConfig& config) const;

    std::shared_ptr<const ddnn::Model> m_model;
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    uint16_t m_nextNumber{0};
    std::map<Ptr<Node>, Address> m_addresses;
    std::vector<Setting> m_settings;
    std::vector<Installed> m_installed;
};

} // namespace ns3

#endif // DDNN_HELPER_H
