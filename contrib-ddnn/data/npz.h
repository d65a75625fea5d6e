// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_NPZ_H
#define DDNN_NPZ_H

#include <cstddef>
#include <cstdint>
#include <functional>
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

/**
 * Read arrays of a .npz file, as numpy.savez and numpy.savez_compressed write it.
 *
 * The name of an array is that of its member without the suffix `.npy`, and may contain slashes.
 * Booleans are read as uint8. Memory is reserved only for what the file really holds.
 *
 * \param path the file
 * \param isWanted whether to read the array of a name; by default all are read
 * \throws std::runtime_error naming the file, and the array if one is damaged, in Fortran order or
 * of a data type that NpzArray does not have
 */
Npz ReadNpz(
    const std::string& path,
    const std::function<bool(const std::string& name)>& isWanted = [](const auto&) {
        return true;
    });

/**
 * Write a .npz file atomically, see WriteFileAtomically.
 * The same arrays give the same bytes, whenever they are written.
 *
 * \param path the file
 * \param arrays whose shapes and data agree; names are UTF-8
 * \throws std::runtime_error as WriteFileAtomically does
 */
void WriteNpz(const std::string& path, const Npz& arrays);

/// "[2, 3]", for messages.
std::string ShapeText(const std::vector<std::size_t>& shape);

/**
 * The values of the array of a name, converted to T: float or int64_t.
 *
 * \throws std::runtime_error naming the array if there is none, it has another shape, or it is real
 * and T is not
 */
template <typename T>
std::vector<T> Values(const Npz& npz,
                      const std::string& name,
                      const std::vector<std::size_t>& shape);

} // namespace ddnn

#endif // DDNN_NPZ_H
