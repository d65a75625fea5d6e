// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ATTRIBUTES_H
#define DDNN_ATTRIBUTES_H

#include "ns3/attribute.h"
#include "ns3/object.h"
#include "ns3/type-id.h"

#include <string>

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

/**
 * Give an object random variables of its own, where it shares those that Config::SetDefault has
 * made with all others of its class. Those whose data are no attributes stay shared.
 */
void OwnRandomVariables(ObjectBase& object);

} // namespace ns3

#endif // DDNN_ATTRIBUTES_H
