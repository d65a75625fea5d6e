// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ATTRIBUTES_H
#define DDNN_ATTRIBUTES_H

#include "ns3/attribute.h"
#include "ns3/object.h"
#include "ns3/type-id.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/// \return whether nobody has set an attribute's default, by Config::SetDefault or on the command
///         line
bool IsDefaultUnchanged(const std::string& typeName, const std::string& attribute);

/// Check that nobody has set the default of an attribute that the type itself has.
/// \param reason why it would have no effect
/// \throws std::runtime_error naming the attribute
void CheckUnset(TypeId type, const std::string& reason);

/// Set an attribute to a value that a user has given for this object.
void SetGiven(Object& object, const std::string& attribute, const AttributeValue& value);

/// Set an attribute to a value that was computed, unless somebody has set its default, or SetGiven
/// the object's.
void SetComputed(Object& object, const std::string& attribute, const AttributeValue& value);

/// \param isCreated whether objects of the class are made of its name
/// \throws std::runtime_error if there is no class of this name derived from the base, or it cannot
///         be created where it is
TypeId FindClass(const std::string& name, TypeId base, bool isCreated);

/// An object as text, `ns3::Class[Attribute=value|Attribute=value]`.
struct ObjectText
{
    TypeId type;
    std::vector<std::pair<std::string, std::string>> values; ///< as they are written
};

/// Read a text of an object before ns-3 does, which crashes where there is no such class.
/// \param base that the object's class is derived from
/// \throws std::runtime_error if the text is no such object
ObjectText ReadObjectText(const std::string& text, TypeId base);

/// As ReadObjectText, and its class must have the attributes; their values are checked where they
/// are objects.
void CheckObjectText(const std::string& text, TypeId base);

/**
 * Give an object random variables of its own, where it shares those that Config::SetDefault has
 * made with all others of its class. Those whose data are no attributes stay shared.
 */
void OwnRandomVariables(ObjectBase& object);

} // namespace ns3

#endif // DDNN_ATTRIBUTES_H
