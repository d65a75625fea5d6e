// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_AGGREGATION_H
#define DDNN_AGGREGATION_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <vector>

namespace ddnn
{

/// What several nodes contribute to one sample, class scores or features: nullptr where a node is
/// absent.
template <typename T>
using Contributions = std::vector<const T*>;

/// How many values there are after Join.
int JoinedSize(Aggregation aggregation, const std::vector<int>& sizes);

/**
 * Join contributions (paper III-B): MP and AP those that are present, CC one behind the other.
 *
 * \param sizes of the contributions, all the same but for CC
 * \param joined zeros before; stays so where none is present, and CC leaves it so for absent nodes
 * \return what the joined values are to be divided by: AP gives the sum, and this is the number of
 *         nodes that are present. Sums of integers stay integers in this way.
 */
template <typename T>
int Join(Aggregation aggregation,
         const Contributions<T>& contributions,
         const std::vector<int>& sizes,
         T* joined);

/**
 * The gradient of Join. A maximum that several nodes share, as is common of +-1, gives each of them
 * its part.
 *
 * \param joined what Join has made
 * \param gradient with respect to it
 * \param gradients with respect to the contributions, added to
 */
void Split(Aggregation aggregation,
           const Contributions<float>& contributions,
           const std::vector<int>& sizes,
           const float* joined,
           const float* gradient,
           const std::vector<float*>& gradients);

} // namespace ddnn

#endif // DDNN_AGGREGATION_H
