// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ENERGY_H
#define DDNN_ENERGY_H

#include "ns3/ddnn-compat.h"

#include "ns3/application-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

class DdnnSite;

/// A node whose energy is accounted.
struct DdnnPoweredNode
{
    uint32_t node{0}; ///< its number in ns-3
    int site{-1};     ///< number of the first site that has it as an end device; -1: none has
    int device{-1};   ///< number among the site's end devices; -1: it is none
};

/// The energy that a node has used while it was accounted, in joules.
struct DdnnNodeEnergy : DdnnPoweredNode
{
    double radio{0};   ///< of all energy models on its sources but that of the processor
    double compute{0}; ///< of its processor's work
    double drawn{0};   ///< what its sources have lost: the above, less what was harvested
};

/// A node has gone off because its source was empty.
struct DdnnDeath : DdnnPoweredNode
{
    Time time; ///< since the first capture of its sites
};

/// What came out of the account. Only what happened is told: no lifetime is extrapolated.
struct DdnnEnergyResult
{
    std::vector<DdnnNodeEnergy> nodes; ///< in the order of their numbers
    std::vector<DdnnDeath> deaths;     ///< in the whole run, in order of time

    /// \return joules that radios and processors of all end devices have used
    double GetTotal() const;
};

/**
 * Accounts the energy of the end devices of all sites, and of all other nodes that have an energy
 * source, and switches a node off (DdnnOffCause::BATTERY) while its source is empty. Make one for
 * all sites, or one for each, when all nodes have their net devices. It lives until the simulator
 * is destroyed, kept or not.
 *
 * Energy sources and models of radios that a node has then are used as they are, from the start of
 * the simulation; the source itself tells when it is empty or recharged. InstallSources is for end
 * devices that have none. The first source of a node feeds its processor, through a
 * DdnnComputeEnergyModel, and decides whether the node is off. If that source has such a model
 * already, it is used.
 *
 * A node is accounted from the first capture of its sites until a mean interval after the last, or
 * until GetResult if that is earlier. The sites of a node that is no end device are all sites.
 *
 * ns-3's WifiRadioEnergyModel stays off for good once its radio was: a DdnnWifiEnergyModel stands
 * in for the user's then. Among several on one node, the n-th is that of the n-th Wi-Fi device. Off
 * has one owner, so what these models would call when their source is empty or recharged (by
 * default, they switch the radio) is taken away: the trace source Depleted of
 * DdnnComputeEnergyModel tells.
 */
class DdnnEnergy : public Object
{
  public:
    static TypeId GetTypeId();

    /**
     * \param applications what DdnnHelper::Install has returned, of one site or several
     *
     * \throws std::runtime_error if a site is incomplete
     */
    explicit DdnnEnergy(const ApplicationContainer& applications);
    ~DdnnEnergy() override;

    /**
     * Give each end device that has no energy source a BasicEnergySource, and each of its Wi-Fi
     * devices a DdnnWifiEnergyModel, which has the defaults of WifiRadioEnergyModel; ns-3 has no
     * model of other radios. Nothing is drawn before the first capture, when the battery is full.
     *
     * The source has twice the battery's energy and counts as empty at half: ns-3's cannot draw the
     * last nanojoule. Where a harvester is connected to it, the node comes back with 5% of the
     * battery.
     *
     * \throws std::runtime_error if Battery draws what is out of range
     */
    void InstallSources();

    /// \return what has happened until now; call it before the simulator is destroyed
    DdnnEnergyResult GetResult() const;

    /// \return a line for each type of net device of nodes whose processor's energy alone is
    ///         accounted, as no net device of theirs has an energy model
    std::vector<std::string> GetWarnings() const;

    /// Fix the random stream of Battery, before InstallSources.
    /// \return how many streams were used
    int64_t AssignStreams(int64_t stream);

  private:
    struct Meter;

    Meter& Get(Ptr<Node> node);
    static bool HasSource(const Node& node);
    void Attach(Meter& meter);
    static void AttachRadios(const Meter& meter);
    void HandleCaptured(DdnnSite* site, uint32_t sample);
    void HandleEnd(DdnnSite* site);
    void Open(DdnnSite* site);
    static DdnnNodeEnergy Read(const Meter& meter);
    void HandleDepleted(Meter* meter, bool before, bool depleted);
    void Switch(Meter* meter, bool off);

    Ptr<RandomVariableStream> m_battery;
    std::map<uint32_t, std::unique_ptr<Meter>> m_meters; ///< by number of the node
    std::vector<std::pair<const Meter*, Time>> m_deaths; ///< time since the start
};

} // namespace ns3

#endif // DDNN_ENERGY_H
