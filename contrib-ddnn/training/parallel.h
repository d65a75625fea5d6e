// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PARALLEL_H
#define DDNN_PARALLEL_H

#include <functional>

namespace ddnn
{

/// Calls body(0) to body(n - 1), on several threads where that is worth while and this is not one
/// of several already: OpenMP is slow to start teams of one. Passes on an exception of the body.
void ParallelFor(int n, bool isWorthThreads, const std::function<void(int)>& body);

} // namespace ddnn

#endif // DDNN_PARALLEL_H
