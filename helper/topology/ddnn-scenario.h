// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SCENARIO_H
#define DDNN_SCENARIO_H

#include "ddnn-topology-helper.h"

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/inference/model.h"

#include "ns3/application-container.h"
#include "ns3/ddnn-run-result.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/nstime.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

class DdnnHelper;

/// What is installed in a run, for those who observe it.
struct DdnnScenarioParts
{
    Ptr<DdnnTopologyHelper> topology;
    ApplicationContainer applications;
    std::vector<DdnnSiteApplications> sites;
    Time firstCapture; ///< of the first site
};

/// What one run of a scenario differs in from another.
struct DdnnRunSettings
{
    std::vector<std::size_t> samples; ///< index in the data set of each, in the order of capture
    std::map<int, double> thresholds; ///< of exits, by tier, in the place of the hierarchy's
    std::vector<int> failedDevices;   ///< off from the beginning, in every site
    std::vector<DdnnFault> faults;    ///< that happen while it runs
    std::optional<uint64_t> rngRun;   ///< ns-3's run number; unset: as it is
    std::string pcapPrefix;           ///< of pcap files' names; empty: none are written

    /// Called when everything is installed, to attach what observes the run, such as NetAnim. What
    /// it returns is destroyed when the run has ended.
    std::function<std::shared_ptr<void>(const DdnnScenarioParts&)> attach;
};

/**
 * A simulation on a built-in network: it builds a DdnnTopologyHelper's nodes and links, installs
 * DDNNs on them and runs. A user's own scenario does the same with a network of its own.
 */
class DdnnScenario : public Object
{
  public:
    static TypeId GetTypeId();

    DdnnScenario();
    ~DdnnScenario() override;

    /**
     * Build and install all, run nothing: what Run refuses is refused before there is a model.
     * \return a line for each thing that is allowed but rarely meant
     * \throws std::runtime_error naming the attribute, the setting or the fault
     */
    std::vector<std::string> Check(const DdnnRunSettings& run,
                                   const ddnn::Hierarchy& hierarchy,
                                   std::shared_ptr<const ddnn::Dataset> dataset) const;

    /**
     * Build, run and tear down one simulation. It depends on the arguments, on attributes and on
     * ns-3's seed and run number alone, not on what ran before in the same process.
     *
     * \throws std::runtime_error as Check, or if a device does not connect
     */
    DdnnRunResult Run(const DdnnRunSettings& run,
                      std::shared_ptr<const ddnn::Model> model,
                      std::shared_ptr<const ddnn::Dataset> dataset) const;

  private:
    struct Installed;

    std::unique_ptr<Installed> Install(const DdnnRunSettings& run,
                                       std::shared_ptr<const ddnn::Model> model,
                                       std::shared_ptr<const ddnn::Dataset> dataset) const;
    void CheckAttributes(const ddnn::Hierarchy& hierarchy) const;
    void InstallProcessors(const DdnnTopology& topology) const;
    bool AccountsEnergy() const;
    void InstallSites(DdnnHelper& ddnn, DdnnScenarioParts& parts) const;
    std::vector<DdnnFault> MakeImpairments(const DdnnScenarioParts& parts) const;

    uint32_t m_sites;
    double m_sitePhase;
    double m_deviceSpeed;
    double m_edgeSpeed;
    double m_cloudSpeed;
    uint32_t m_cloudCores;
    double m_accessLoss;
    bool m_energy;
    Time m_drain;
};

} // namespace ns3

#endif // DDNN_SCENARIO_H
