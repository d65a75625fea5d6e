// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SIMD_H
#define DDNN_SIMD_H

/**
 * \def DDNN_SIMD_CLONES
 * Before a function definition: compile it for x86-64-v3 (AVX2) too and choose when the program is
 * loaded, so that one binary is fast on a current processor and runs on any. Nothing where all is
 * compiled for it, the compiler or the processor has no such thing, or a sanitizer is at work.
 */
#if defined(__x86_64__) && !defined(__AVX2__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define DDNN_SIMD_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define DDNN_SIMD_CLONES
#endif

namespace ddnn
{

/// Neighbouring values that one vector holds. The same on every processor, so that sums over them
/// are the same, too.
template <typename T>
constexpr int LANES = 32 / sizeof(T);

/// LANES values anywhere in an array, with the operators of T lane by lane.
template <typename T>
struct VectorOf
{
    using Type [[gnu::vector_size(32), gnu::aligned(alignof(T)), gnu::may_alias]] = T;
};

template <typename T>
using Vector = typename VectorOf<T>::Type;

/// The LANES values from an address on.
template <typename T>
[[gnu::always_inline]] inline const Vector<T>&
VectorAt(const T* address)
{
    return *reinterpret_cast<const Vector<T>*>(address);
}

template <typename T>
[[gnu::always_inline]] inline Vector<T>&
VectorAt(T* address)
{
    return *reinterpret_cast<Vector<T>*>(address);
}

} // namespace ddnn

#endif // DDNN_SIMD_H
