// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CSV_H
#define DDNN_CSV_H

#include "ddnn-summary.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * Collects simulations of one model with several thresholds, as rows of CSV text with fixed
 * formats: the same simulations give the same bytes. Times are in ms with 6 decimals, which is
 * ns-3's resolution, so that the parts of a latency add up exactly.
 */
class DdnnCsv
{
  public:
    /// \param energy add what was accounted of energy
    /// \param faults write faults.csv, even if no fault happened
    explicit DdnnCsv(const ddnn::Hierarchy& hierarchy, bool energy = false, bool faults = false);

    /// Add a row per sample and one to the summary.
    void Add(const DdnnRunResult& result, const DdnnSummary& summary);

    /// \return samples.csv, a row per threshold and sample
    const std::string& GetSamples() const;

    /// \return summary.csv, a row per threshold
    const std::string& GetSummary() const;

    /// \return traffic.csv, a row per threshold, hop and kind
    const std::string& GetTraffic() const;

    /// \return messages.csv, a row per threshold, kind and fate of messages
    const std::string& GetMessages() const;

    /// \return deaths.csv, a row per threshold and empty battery
    const std::string& GetDeaths() const;

    /// \return faults.csv, a row per threshold and fault that happened
    const std::string& GetFaults() const;

    /**
     * Write samples.csv, summary.csv, traffic.csv, messages.csv and, with energy, deaths.csv and,
     * with faults, faults.csv, each all or nothing.
     * \param folder must exist
     * \throws std::runtime_error naming the file that cannot be written
     */
    void Write(const std::string& folder) const;

  private:
    void AddSample(double threshold, const DdnnSampleRecord& record);
    void AddSummary(const DdnnSummary& summary);
    void AddMessages(double threshold, const DdnnRunResult& result);
    void AddDeaths(double threshold, const std::vector<DdnnDeath>& deaths);

    ddnn::Hierarchy m_hierarchy;
    bool m_energy;
    std::string m_samples;
    std::string m_summary;
    std::string m_traffic;
    std::string m_messages;
    std::string m_deaths;
    bool m_withFaults;
    std::string m_faults;
};

} // namespace ns3

#endif // DDNN_CSV_H
