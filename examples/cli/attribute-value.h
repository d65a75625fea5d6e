// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ATTRIBUTE_VALUE_H
#define DDNN_EXAMPLES_ATTRIBUTE_VALUE_H

#include "ns3/type-id.h"

#include <string>

namespace ddnn::examples
{

/// An attribute and the class that declares it, which a subclass may have named.
struct Attribute
{
    ns3::TypeId declaredBy;
    std::size_t index; ///< among the attributes that this class declares
    ns3::TypeId::AttributeInformation info;

    std::string GetName() const; ///< like ns3::Class::Attribute
    bool IsFlag() const;         ///< whether its values are true and false

    /// Its default as text.
    std::string GetDefault() const;

    /**
     * Change its default, as Config::SetDefault does; where the attribute holds a random variable,
     * a number or a time with its unit is a constant.
     * \throws std::runtime_error that says what the attribute accepts
     */
    void SetDefault(const std::string& text) const;
};

/**
 * Find an attribute in a class or in the classes that it inherits from.
 * \param path like ns3::Class::Attribute
 * \throws std::runtime_error if there is none, or if its default has no effect or is deprecated
 */
Attribute FindAttribute(const std::string& path);

/**
 * Change a global value of ns-3, like RngRun.
 * \throws std::runtime_error if there is none of this name, or that says what it accepts
 */
void SetGlobal(const std::string& name, const std::string& text);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ATTRIBUTE_VALUE_H
