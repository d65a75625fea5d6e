// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_INTERVALS_H
#define DDNN_EXAMPLES_INTERVALS_H

#include "csv-table.h"

#include <string>
#include <vector>

namespace ddnn::examples
{

/// How the rows of a table are summarised.
struct IntervalSettings
{
    std::vector<std::string> by;     ///< columns: rows that agree in these are one group
    std::vector<std::string> values; ///< columns; empty: all that have no other use
    std::string pair;                ///< column that names the run; empty: none
    std::string baselineColumn;      ///< of `by`; empty: no differences
    std::string baselineValue;       ///< others are compared with the group that has it there
};

/**
 * The mean of each group's values with its 95% interval, as CSV: the columns of `by`, then
 * `column,n,mean,low,high`, and with a baseline `pairs,difference,difference_low,difference_high`:
 * the mean of (value - baseline's value of the same run) and its interval.
 *
 * Empty fields of the table are no values: n says how many there were. A mean of one value has no
 * interval, its fields are empty.
 *
 * \throws std::runtime_error if a column does not exist or holds no numbers, or a group has two
 * rows of one run
 */
std::string IntervalsCsv(const CsvTable& table, const IntervalSettings& settings);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_INTERVALS_H
