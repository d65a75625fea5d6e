// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SCENARIO_CHECKS_H
#define DDNN_SCENARIO_CHECKS_H

#include "contrib-ddnn/inference/model.h"

#include "ns3/object-base.h"

#include <memory>
#include <string>

namespace ns3
{

// What DdnnScenario checks before there is a model. All but the first throw std::runtime_error.

/// \return a model that can be installed, but does not run
std::shared_ptr<const ddnn::Model> MakeUntrainedModel(const ddnn::Hierarchy& hierarchy);

/// Draw from a random variable, to find most of those that would end a run.
/// \param low \param high the values that it may have
void CheckDraws(const ObjectBase& object, const std::string& attribute, double low, double high);

/// Check that no attribute is set that matters only where another one is set.
void CheckDependent();

/// Check that pcap files can be written, where ns-3 would abort.
void CheckPcapPrefix(const std::string& prefix);

} // namespace ns3

#endif // DDNN_SCENARIO_CHECKS_H
