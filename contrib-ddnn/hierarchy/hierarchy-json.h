// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HIERARCHY_JSON_H
#define DDNN_HIERARCHY_JSON_H

#include "hierarchy.h"

#include <string>

namespace ddnn
{

/// The hierarchy as JSON text, with every key. The manual describes the keys.
std::string ToJson(const Hierarchy& hierarchy);

/**
 * Read a hierarchy from JSON text. Keys that are left out have their defaults; keys that are not
 * known, or given twice, are refused.
 *
 * \param name of the text's file for errors, empty if there is none
 * \throws std::runtime_error naming the file, the key and what is wrong
 */
Hierarchy HierarchyFromJson(const std::string& json, const std::string& name = "");

/// As HierarchyFromJson, from a file.
Hierarchy ReadHierarchy(const std::string& path);

} // namespace ddnn

#endif // DDNN_HIERARCHY_JSON_H
