// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CSV_H
#define DDNN_CSV_H

#include "ddnn-summary.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * Collects simulations of one model with several thresholds, as rows of CSV text with fixed
 * formats: the same simulations give the same bytes. Times are in ms with 6 decimals, which is
 * ns-3's resolution, so that the parts of a latency add up exactly.
 *
 * The files are samples.csv (a row for each threshold, site and sample), summary.csv (a row for
 * each threshold), traffic.csv, messages.csv and, where there is something to tell, faults.csv and
 * deaths.csv.
 */
class DdnnCsv
{
  public:
    explicit DdnnCsv(const ddnn::Hierarchy& hierarchy);

    /// Add a simulation's rows to all files.
    void Add(const DdnnRunResult& result, const DdnnSummary& summary);

    /// \return text by the name of the file
    const std::map<std::string, std::string>& GetFiles() const;

    /**
     * Write the files, each all or nothing.
     * \param folder must exist
     * \throws std::runtime_error naming the file that cannot be written
     */
    void Write(const std::string& folder) const;

  private:
    /// A row of a table: its column names, and its fields.
    using Row = std::vector<std::pair<std::string, std::string>>;

    void Append(const std::string& file, const Row& row);
    void AppendSample(const std::string& threshold, const DdnnSampleRecord& record);
    void AppendSummary(const DdnnSummary& summary, bool energy);

    ddnn::Hierarchy m_hierarchy;
    std::map<std::string, std::string> m_files;
};

} // namespace ns3

#endif // DDNN_CSV_H
