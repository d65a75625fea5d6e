// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_DATASET_VIEWS_H
#define DDNN_DATASET_VIEWS_H

#include "dataset.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ddnn
{

/// "sample 3", for error messages.
std::string SampleText(std::size_t sample);

/// "[2, 3]", for error messages.
std::string ShapeText(const std::vector<std::size_t>& shape);

/// \param remedy what to do if the array is missing
/// \throws std::runtime_error if there is no such array, or its shape and data disagree
const NpzArray& FindArray(const Npz& npz, const std::string& key, const std::string& remedy);

/// The same of an array that every data set has.
const NpzArray& FindArray(const Npz& npz, const std::string& key);

/**
 * Set a data set's shapes and views from `X`, or from `X/0`, `X/1`, ..., see MakeDataset.
 *
 * \return the number of samples
 * \throws std::runtime_error naming the array and what to do
 */
std::size_t SetViews(const Npz& npz, Dataset& dataset);

} // namespace ddnn

#endif // DDNN_DATASET_VIEWS_H
