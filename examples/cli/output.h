// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OUTPUT_H
#define DDNN_EXAMPLES_OUTPUT_H

#include <cstddef>
#include <string>
#include <vector>

namespace ddnn::examples
{

/// A number with so many digits after the point.
std::string Fixed(double value, int decimals);

/// A number with as few digits as show it, like 0.5.
std::string Short(double value);

/// A fraction as a percentage, like 97.66%.
std::string Percent(double fraction);

/// Like "1 device" or "6 devices".
std::string Plural(std::size_t count, const std::string& word);

/// Rows of cells as lines whose columns are aligned, with two spaces between them.
/// \param rows of which the first is the longest
/// \param left indices of the columns that are set to the left
std::string Table(const std::vector<std::vector<std::string>>& rows,
                  const std::vector<std::size_t>& left = {});

/// A bar on one line of the terminal, which is rewritten, and removed at the end. Nothing is shown
/// where the standard error is no terminal.
class Progress
{
  public:
    /// \param enabled false: nothing is shown at all
    explicit Progress(bool enabled);

    ~Progress();

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// \param fraction done, 0 to 1
    /// \param text after the bar, cut where the terminal ends
    void Show(double fraction, const std::string& text) const;

    /// Remove the bar, so that other text may be printed.
    void Clear() const;

  private:
    bool m_enabled;
};

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_OUTPUT_H
