// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_NPY_HEADER_H
#define DDNN_NPY_HEADER_H

#include "npz.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ddnn
{

/**
 * What stands before the data in the .npy format, versions 1.0, 2.0 and 3.0
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a prefix of
 * NPY_PREFIX_BYTES bytes (magic and version), the length of the header in NpyLengthBytes bytes, and
 * the header, a Python dictionary.
 *
 * The errors of these functions, std::runtime_error, name neither the file nor the array.
 */
struct NpyHeader
{
    std::string descr; ///< NumPy's name of the data type, "<f4" for example
    std::vector<std::size_t> shape;
};

/// Length of magic and version.
constexpr std::size_t NPY_PREFIX_BYTES = 8;

/// Size of the field with the header's length, from the prefix.
/// \throws std::runtime_error if this is not a .npy file, or of an unknown version
std::size_t NpyLengthBytes(const std::string& prefix);

/// Length of the header in bytes, from that field (little-endian).
std::size_t NpyHeaderLength(const std::string& field);

/// Read the dictionary.
/// \throws std::runtime_error if it is malformed, or in Fortran order where that matters
NpyHeader ParseNpyHeader(const std::string& text);

/// The vector for elements of a data type, still empty.
/// \throws std::runtime_error naming the remedy if there is none for this type
decltype(NpzArray::data) EmptyDataOfType(const std::string& descr);

/// All that stands before the data of an array, in version 1.0, aligned as NumPy does it.
/// \throws std::runtime_error if the array has more dimensions than NumPy allows
std::string FormatNpyHeader(const NpzArray& array);

} // namespace ddnn

#endif // DDNN_NPY_HEADER_H
