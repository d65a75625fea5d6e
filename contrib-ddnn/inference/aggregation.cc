// SPDX-License-Identifier: GPL-2.0-only
#include "aggregation.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace ddnn
{

int
JoinedSize(Aggregation aggregation, const std::vector<int>& sizes)
{
    return aggregation == Aggregation::CC ? std::accumulate(sizes.begin(), sizes.end(), 0)
                                          : sizes.front();
}

template <typename T>
int
Join(Aggregation aggregation,
     const Contributions<T>& contributions,
     const std::vector<int>& sizes,
     T* joined)
{
    int present = 0;
    for (std::size_t node = 0; node < contributions.size(); ++node)
    {
        const T* values = contributions[node];
        const int size = sizes[node];
        if (values && (present == 0 || aggregation == Aggregation::CC))
        {
            std::copy_n(values, size, joined);
        }
        else if (values && aggregation == Aggregation::MP)
        {
            for (int i = 0; i < size; ++i)
            {
                joined[i] = std::max(joined[i], values[i]);
            }
        }
        else if (values)
        {
            for (int i = 0; i < size; ++i)
            {
                joined[i] += values[i];
            }
        }
        present += values ? 1 : 0;
        joined += aggregation == Aggregation::CC ? size : 0;
    }
    return aggregation == Aggregation::AP ? std::max(present, 1) : 1;
}

template int Join(Aggregation, const Contributions<float>&, const std::vector<int>&, float*);
template int Join(Aggregation, const Contributions<int16_t>&, const std::vector<int>&, int16_t*);

void
Split(Aggregation aggregation,
      const Contributions<float>& contributions,
      const std::vector<int>& sizes,
      const float* joined,
      const float* gradient,
      const std::vector<float*>& gradients)
{
    for (std::size_t node = 0; node < contributions.size(); ++node)
    {
        for (int i = 0; contributions[node] && i < sizes[node]; ++i)
        {
            auto wins = [&](const float* values) {
                return values && values[i] == joined[i];
            };
            if (aggregation != Aggregation::MP)
            {
                gradients[node][i] += gradient[i];
            }
            else if (wins(contributions[node]))
            {
                gradients[node][i] +=
                    gradient[i] /
                    static_cast<float>(
                        std::count_if(contributions.begin(), contributions.end(), wins));
            }
        }
        gradient += aggregation == Aggregation::CC ? sizes[node] : 0;
    }
}

} // namespace ddnn
