// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <algorithm>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ddnn::examples
{

namespace
{

constexpr int BAR_WIDTH = 10;
constexpr int DEFAULT_COLUMNS = 80;

/// Return to the line's begin and erase it.
constexpr const char* ERASE_LINE = "\r\033[K";

std::size_t
TerminalColumns()
{
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : DEFAULT_COLUMNS;
}

} // namespace

Progress::Progress(bool enabled)
    : m_enabled(enabled && isatty(STDERR_FILENO))
{
}

Progress::~Progress()
{
    Clear();
}

void
Progress::Show(double fraction, const std::string& text)
{
    if (!m_enabled)
    {
        return;
    }
    const int done = static_cast<int>(BAR_WIDTH * std::clamp(fraction, 0.0, 1.0));
    const std::string line =
        "[" + std::string(done, '#') + std::string(BAR_WIDTH - done, '.') + "] " + text;
    // a full last column would wrap, and the next line could not be rewritten
    std::cerr << ERASE_LINE << line.substr(0, TerminalColumns() - 1) << std::flush;
    m_shown = true;
}

void
Progress::Clear()
{
    if (m_shown)
    {
        std::cerr << ERASE_LINE << std::flush;
        m_shown = false;
    }
}

} // namespace ddnn::examples
