// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_PROGRESS_H
#define DDNN_EXAMPLES_PROGRESS_H

#include <string>

namespace ddnn::examples
{

/// A bar on one line of the terminal, which is rewritten. Nothing is shown where the standard error
/// is no terminal.
class Progress
{
  public:
    /// \param enabled false: nothing is shown at all
    explicit Progress(bool enabled);

    /// Removes the bar.
    ~Progress();

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /**
     * \param fraction done, 0 to 1
     * \param text after the bar, cut where the terminal ends
     */
    void Show(double fraction, const std::string& text);

    /// Remove the bar, so that other text may be printed.
    void Clear();

  private:
    bool m_enabled;
    bool m_shown{false};
};

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_PROGRESS_H
