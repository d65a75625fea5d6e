// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_NPZ_H
#define DDNN_NPZ_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ddnn
{

/// One NumPy array in C order.
struct NpzArray
{
    std::vector<std::size_t> shape;
    std::variant<std::vector<uint8_t>,
                 std::vector<int8_t>,
                 std::vector<int32_t>,
                 std::vector<int64_t>,
                 std::vector<float>,
                 std::vector<double>>
        data; ///< the product of shape many elements
};

/// Arrays by name, as numpy.savez writes them.
using Npz = std::map<std::string, NpzArray>;

/// The product of a shape: 1 for the shape `()` of a scalar.
/// \throws std::runtime_error if it does not fit std::size_t
std::size_t NumElements(const std::vector<std::size_t>& shape);

/**
 * Read every array of a .npz file, as numpy.savez and numpy.savez_compressed write it.
 *
 * Names of members are without the `.npy` suffix, and may contain slashes. Booleans are read as
 * uint8. Memory is reserved only for what the file can really hold, and for 8 GiB at most.
 *
 * \throws std::runtime_error naming the file, the array and the remedy: missing, truncated,
 * damaged or foreign file, another data type or byte order, Fortran order, sizes that do not agree
 */
Npz ReadNpz(const std::string& path);

/// The same from memory (for tests and fuzzing); `name` stands for the file in error messages.
Npz ReadNpz(const void* bytes, std::size_t size, const std::string& name);

/**
 * Write a .npz file atomically, see WriteFileAtomically.
 * The same arrays give the same bytes, whenever they are written.
 *
 * \throws std::runtime_error naming the file, and the array if its shape and its data disagree;
 * nothing is left behind then
 */
void WriteNpz(const std::string& path, const Npz& arrays);

} // namespace ddnn

#endif // DDNN_NPZ_H
