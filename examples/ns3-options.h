// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_NS3_OPTIONS_H
#define DDNN_EXAMPLES_NS3_OPTIONS_H

#include <string>

namespace ddnn::examples
{

/// Whether ns-3 has a global value of this name, like RngRun.
bool IsGlobalValue(const std::string& name);

/// Set a global value of ns-3.
/// \throws std::runtime_error if the value is bad
void SetGlobalValue(const std::string& name, const std::string& value);

/// Set the default of an attribute of ns-3.
/// \param name like ns3::Class::Attribute
/// \throws std::runtime_error if there is no such class or attribute or the value is bad
void SetAttributeDefault(const std::string& name, const std::string& value);

/// Whether the option asks ns-3 to print something, like `PrintHelp` or `PrintAttributes`.
bool IsPrintOption(const std::string& name);

/// Refuse a print option that ns3::CommandLine would abort at.
/// \throws std::runtime_error if the value is bad
void CheckPrintOption(const std::string& name, const std::string& value);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_NS3_OPTIONS_H
