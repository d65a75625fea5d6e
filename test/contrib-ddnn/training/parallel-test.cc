// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace ddnn
{
namespace
{

TEST(Parallel, CallsTheBodyOnceForEachIndex)
{
    for (bool isWorthThreads : {false, true})
    {
        std::vector<std::atomic<int>> calls(100);
        ParallelFor(100, isWorthThreads, [&](int i) {
            ++calls[i];
        });
        for (const auto& count : calls)
        {
            EXPECT_EQ(count, 1);
        }
    }
}

TEST(Parallel, PassesExceptionsOn)
{
    for (bool isWorthThreads : {false, true})
    {
        EXPECT_THROW(ParallelFor(8,
                                 isWorthThreads,
                                 [](int i) {
                                     if (i == 5)
                                     {
                                         throw std::runtime_error("no memory");
                                     }
                                 }),
                     std::runtime_error);
    }
}

} // namespace
} // namespace ddnn
