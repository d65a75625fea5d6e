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
    /// \param withFaults faults.csv is written, even if no fault happened
    explicit DdnnCsv(const ddnn::Hierarchy& hierarchy, bool withFaults = false);

    /// Add a row per sample and one to the summary.
    void Add(const DdnnRunResult& result, const DdnnSummary& summary);

    /// \return samples.csv, a row per threshold and sample
    const std::string& GetSamples() const;

    /// \return summary.csv, a row per threshold
    const std::string& GetSummary() const;

    /// \return traffic.csv, a row per threshold, hop and kind
    const std::string& GetTraffic() const;

    /// \return faults.csv, a row per threshold and fault that happened
    const std::string& GetFaults() const;

    /**
     * Write samples.csv, summary.csv and traffic.csv, and faults.csv if there are faults, each all
     * or nothing.
     * \param folder must exist
     * \throws std::runtime_error naming the file that cannot be written
     */
    void Write(const std::string& folder) const;

  private:
    void AddSample(double threshold, const DdnnSampleRecord& record);
    void AddSummary(const DdnnSummary& summary);

    ddnn::Hierarchy m_hierarchy;
    std::string m_samples;
    std::string m_summary;
    std::string m_traffic;
    bool m_withFaults;
    std::string m_faults;
};

} // namespace ns3

#endif // DDNN_CSV_H
