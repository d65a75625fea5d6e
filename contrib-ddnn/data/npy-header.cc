// SPDX-License-Identifier: GPL-2.0-only
#include "npy-header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>

namespace ddnn
{

namespace
{

const std::string MAGIC = "\x93NUMPY";

constexpr std::size_t ALIGNMENT = 64;

/// NumPy's own limit.
constexpr std::size_t MAX_DIMENSIONS = 32;

/// NumPy's names of the data types, in the order of NpzArray::data.
constexpr std::array<const char*, 6> DESCR{"|u1", "|i1", "<i4", "<i8", "<f4", "<f8"};

[[noreturn]] void
FailType(const std::string& descr)
{
    throw std::runtime_error("its data type " + descr +
                             " is not supported; convert it with numpy's astype to uint8, int8, "
                             "int32, int64, float32 or float64, or leave it out");
}

/// Reads the Python literals that occur in headers.
class LiteralReader
{
  public:
    explicit LiteralReader(const std::string& text)
        : m_text(text)
    {
    }

    /// Skip white space, then the token if it is next.
    bool Accept(const std::string& token)
    {
        m_position = std::min(m_text.find_first_not_of(" \t\r\n", m_position), m_text.size());
        if (m_text.compare(m_position, token.size(), token) != 0)
        {
            return false;
        }
        m_position += token.size();
        return true;
    }

    void Expect(const std::string& token)
    {
        if (!Accept(token))
        {
            Fail();
        }
    }

    bool AtEnd()
    {
        Accept("");
        return m_position == m_text.size();
    }

    std::string String()
    {
        const std::string quote = Accept("'") ? "'" : "\"";
        if (quote == "\"")
        {
            Expect(quote);
        }
        const std::size_t end = m_text.find(quote, m_position);
        if (end == std::string::npos)
        {
            Fail();
        }
        const std::string value = m_text.substr(m_position, end - m_position);
        m_position = end + 1;
        return value;
    }

    bool Boolean()
    {
        if (Accept("True"))
        {
            return true;
        }
        Expect("False");
        return false;
    }

    std::size_t Integer()
    {
        Accept("");
        std::size_t value = 0;
        const char* begin = m_text.data() + m_position;
        const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (error != std::errc())
        {
            Fail();
        }
        m_position += end - begin;
        return value;
    }

    std::vector<std::size_t> Tuple()
    {
        std::vector<std::size_t> values;
        Expect("(");
        while (!Accept(")"))
        {
            values.push_back(Integer());
            if (!Accept(","))
            {
                Expect(")");
                break;
            }
        }
        return values;
    }

    [[noreturn]] void Fail() const
    {
        throw std::runtime_error("its .npy header is malformed; write it again with numpy");
    }

  private:
    const std::string& m_text;
    std::size_t m_position{0};
};

/// The type's name. What is not a string is a list of fields.
std::string
ReadDescr(LiteralReader& reader)
{
    if (reader.Accept("["))
    {
        FailType("(structured)");
    }
    return reader.String();
}

std::string
FormatShape(const std::vector<std::size_t>& shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i)
    {
        text += (i > 0 ? " " : "") + std::to_string(shape[i]);
        text += i == 0 || i + 1 < shape.size() ? "," : "";
    }
    return text + ")";
}

} // namespace

std::size_t
NpyLengthBytes(const std::string& prefix)
{
    if (prefix.compare(0, MAGIC.size(), MAGIC) != 0)
    {
        throw std::runtime_error("it is not in the .npy format; write it again with numpy");
    }
    const int major = static_cast<unsigned char>(prefix.at(MAGIC.size()));
    if (major < 1 || major > 3)
    {
        throw std::runtime_error("its .npy version " + std::to_string(major) +
                                 " is unknown; write it again with numpy");
    }
    return major == 1 ? 2 : 4;
}

std::size_t
NpyHeaderLength(const std::string& field)
{
    std::size_t length = 0;
    for (std::size_t i = field.size(); i-- > 0;)
    {
        length = length << 8 | static_cast<unsigned char>(field[i]);
    }
    return length;
}

NpyHeader
ParseNpyHeader(const std::string& text)
{
    LiteralReader reader(text);
    std::optional<std::string> descr;
    std::optional<bool> fortranOrder;
    std::optional<std::vector<std::size_t>> shape;
    reader.Expect("{");
    while (!reader.Accept("}"))
    {
        const std::string key = reader.String();
        reader.Expect(":");
        if (key == "descr")
        {
            descr = ReadDescr(reader);
        }
        else if (key == "fortran_order")
        {
            fortranOrder = reader.Boolean();
        }
        else if (key == "shape")
        {
            shape = reader.Tuple();
        }
        else
        {
            reader.Fail();
        }
        if (!reader.Accept(","))
        {
            reader.Expect("}");
            break;
        }
    }
    if (!reader.AtEnd() || !descr || !fortranOrder || !shape || shape->size() > MAX_DIMENSIONS)
    {
        reader.Fail();
    }
    if (*fortranOrder && shape->size() > 1)
    {
        throw std::runtime_error("it is in Fortran order; convert it with numpy.ascontiguousarray");
    }
    return {*descr, *shape};
}

decltype(NpzArray::data)
EmptyDataOfType(const std::string& descr)
{
    if (descr == "|u1" || descr == "|b1")
    {
        return std::vector<uint8_t>();
    }
    if (descr == "|i1")
    {
        return std::vector<int8_t>();
    }
    if (descr == "<i4")
    {
        return std::vector<int32_t>();
    }
    if (descr == "<i8")
    {
        return std::vector<int64_t>();
    }
    if (descr == "<f4")
    {
        return std::vector<float>();
    }
    if (descr == "<f8")
    {
        return std::vector<double>();
    }
    FailType("'" + descr + "'");
}

std::string
FormatNpyHeader(const NpzArray& array)
{
    if (array.shape.size() > MAX_DIMENSIONS)
    {
        throw std::runtime_error("it has more than " + std::to_string(MAX_DIMENSIONS) +
                                 " dimensions");
    }
    std::string header = std::string("{'descr': '") + DESCR.at(array.data.index()) +
                         "', 'fortran_order': False, 'shape': " + FormatShape(array.shape) + ", }";
    const std::size_t before = NPY_PREFIX_BYTES + 2;
    const std::size_t unpadded = before + header.size() + 1;
    header.append(ALIGNMENT - unpadded % ALIGNMENT, ' ');
    header += '\n';
    const std::string length{static_cast<char>(header.size() & 0xff),
                             static_cast<char>(header.size() >> 8)};
    return MAGIC + std::string("\1\0", 2) + length + header;
}

} // namespace ddnn
