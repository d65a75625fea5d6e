// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_TARGETS_H
#define DDNN_FAULT_TARGETS_H

#include "ddnn-fault-actions.h"

#include "ns3/ddnn-site-applications.h"
#include "ns3/node-container.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * The nodes and links that faults can happen to, by name.
 *
 * A target is `[SITE/]NAME[:INDEX]` or `[SITE/]link:NAME[:INDEX]`. Without a site that of every
 * site is meant, without an index all that have the name. An index is a number from 0, a range
 * `1-3`, several of these with commas, or `*`. The nodes of the sites' tiers are `device` and the
 * tiers' names, those of the exits `exit`, with an exit's name as the index. `*` is every node,
 * `link:*` every link. What else can fail is named by the user.
 */
class DdnnFaultTargets
{
  public:
    explicit DdnnFaultTargets(const std::vector<DdnnSiteApplications>& sites);

    /**
     * Name nodes: `gateway` is all, `gateway:0` the first. Further calls with one name go on
     * counting.
     *
     * \param name a word, or "1/gateway" to be of site 1
     * \throws std::runtime_error like the next two, if the name is none, or that of a tier
     */
    void AddNodes(const std::string& name, const NodeContainer& nodes);

    /// Name nodes together: those of the first call with `cell` are `cell:0`.
    void AddGroup(const std::string& name, const NodeContainer& nodes);

    /**
     * Name a link: that of the first call with `uplink` is `link:uplink:0`, and `link:uplink` all.
     *
     * \param name as of nodes; after `edge:`, `link:edge:0` can be another link than `link:edge`
     * \param devices both ends of a point-to-point link, all on a segment, or a node's own radio
     */
    void AddLink(const std::string& name, const NetDeviceContainer& devices);

    /**
     * \return the nodes or links that a target means, each once
     * \throws std::runtime_error if there is none
     */
    std::vector<DdnnFaultUnit> FindTargets(const std::string& target) const;

  protected:
    /// \return the net devices of all links, in the order in which they were added
    std::vector<NetDeviceContainer> GetLinks() const;

  private:
    using Key = std::vector<Ptr<Object>>; ///< the node, or the net devices of the link

    /// One that the index of a group means, perhaps among others.
    struct Member
    {
        std::string index;  ///< "2", or "local" of an exit
        DdnnFaultUnit unit; ///< has the name under which it was added first
    };

    /// All that have one name.
    struct Group
    {
        std::string site; ///< "1/", or empty
        std::string name; ///< "device", "link:uplink", "link:edge:"
        std::vector<Member> members;
    };

    static Key GetKey(const DdnnFaultUnit& unit);
    static std::string GetNextIndex(const Group& group);
    Group& GetGroup(const std::string& prefix, const std::string& name);
    void Add(Group& group, const std::string& index, DdnnFaultUnit unit);
    std::vector<Member> FindMembers(const std::string& site, const std::string& name) const;
    std::string GetNames() const;

    std::vector<Group> m_groups;
    std::size_t m_numSiteGroups{0}; ///< that come first
    std::map<Key, std::string> m_names;
    bool m_severalSites;
};

} // namespace ns3

#endif // DDNN_FAULT_TARGETS_H
