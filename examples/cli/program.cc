// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <unistd.h>

namespace ddnn::examples
{

int
RunMain(const std::string& program,
        const std::string& description,
        const std::function<int(CLI::App&)>& body)
{
    // a file that becomes too large is a failed write, not the end of the process
    std::signal(SIGXFSZ, SIG_IGN);
    // where ns-3 gives up it has said why
    std::set_terminate([] {
        std::_Exit(1);
    });
    CLI::App app(description, program);
    app.option_defaults()->always_capture_default()->multi_option_policy(
        CLI::MultiOptionPolicy::TakeLast);
    std::string problem = "cannot write to the standard output: is its disk full?";
    int status = 0;
    try
    {
        status = body(app);
    }
    catch (const CLI::Success& help)
    {
        app.exit(help);
    }
    catch (const std::bad_alloc&)
    {
        status = 1;
        problem = "out of memory: use a smaller data set or network";
    }
    catch (const std::exception& e)
    {
        status = 1;
        problem = e.what();
    }
    if (status == 0 && std::cout.flush() && std::fflush(stdout) == 0)
    {
        return 0;
    }
    std::replace_if(
        problem.begin(),
        problem.end(),
        [](unsigned char c) {
            return std::iscntrl(c);
        },
        ' ');
    std::cerr << program << ": " << problem << "\n";
    return 1;
}

CLI::Option*
AddParsed(CLI::App& app,
          const std::string& name,
          const std::function<void(const std::string&)>& parse,
          const std::string& help)
{
    const auto set = [name, parse](const std::string& text) {
        try
        {
            parse(text);
        }
        catch (const std::runtime_error& e)
        {
            throw CLI::ValidationError(name + "=" + text, e.what());
        }
    };
    return app.add_option_function<std::string>(name, set, help);
}

void
Refuse(const CLI::App& app, const std::vector<std::string>& which, const std::string& reason)
{
    for (const CLI::Option* option : app.get_options())
    {
        for (const std::string& name : which)
        {
            if (option->count() > 0 && (option->check_name(name) || option->get_group() == name))
            {
                throw CLI::ValidationError(option->get_name(), reason);
            }
        }
    }
}

void
CheckWritable(const std::string& file)
{
    namespace fs = std::filesystem;
    const fs::path folder = (fs::path(".") / file).parent_path();
    if (!fs::is_directory(folder) || access(folder.c_str(), W_OK) != 0 || fs::is_directory(file))
    {
        throw std::runtime_error("cannot write the file " + file);
    }
}

} // namespace ddnn::examples
