// SPDX-License-Identifier: GPL-2.0-only
#include "parallel.h"

#include <exception>
#include <omp.h>

namespace ddnn
{

void
ParallelFor(int n, bool isWorthThreads, const std::function<void(int)>& body)
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
