// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PARALLEL_H
#define DDNN_PARALLEL_H

#include <exception>
#include <omp.h>

namespace ddnn
{

/// Calls body(0) to body(n - 1), on several threads where that is worth while and this is not one
/// of several already: OpenMP is slow to start teams of one.
template <typename Body>
void
ParallelFor(int n, bool isWorthThreads, const Body& body)
{
    if (n < 2 || !isWorthThreads || omp_in_parallel() != 0 || omp_get_max_threads() < 2)
    {
        for (int i = 0; i < n; ++i)
        {
            body(i);
        }
        return;
    }
    std::exception_ptr error; // must not leave the parallel region
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < n; ++i)
    {
        try
        {
            body(i);
        }
        catch (...)
        {
#pragma omp critical(ddnnParallelError)
            error = std::current_exception();
        }
    }
    if (error)
    {
        std::rethrow_exception(error);
    }
}

} // namespace ddnn

#endif // DDNN_PARALLEL_H
