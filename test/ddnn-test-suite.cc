// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/test.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

using namespace ns3;

namespace
{

/// Keeps what fails, so that ns-3 can report it.
class FailureCollector : public testing::EmptyTestEventListener
{
  public:
    std::string Take()
    {
        std::string failures = m_failures.str();
        m_failures.str("");
        return failures;
    }

  private:
    void OnTestPartResult(const testing::TestPartResult& result) override
    {
        if (result.failed())
        {
            m_failures << (result.file_name() ? result.file_name() : "unknown file") << ":"
                       << result.line_number() << ": " << result.message() << "\n";
        }
    }

    std::ostringstream m_failures;
};

/// All tests of one GoogleTest suite.
class GoogleTestCase : public TestCase
{
  public:
    GoogleTestCase(const std::string& suite, FailureCollector& failures)
        : TestCase(Name(suite))
        , m_suite(suite)
        , m_failures(failures)
    {
    }

  private:
    /// ns-3 allows no slash in a name.
    static std::string Name(std::string suite)
    {
        std::replace(suite.begin(), suite.end(), '/', '.');
        return suite;
    }

    void DoRun() override
    {
        testing::GTEST_FLAG(filter) = m_suite + ".*";
        const int status = RUN_ALL_TESTS();
        const std::string failures = m_failures.Take();
        NS_TEST_EXPECT_MSG_EQ(failures, "", "GoogleTest suite " << m_suite);
        NS_TEST_EXPECT_MSG_EQ(status, 0, "GoogleTest suite " << m_suite);
    }

    std::string m_suite; ///< as GoogleTest names it
    FailureCollector& m_failures;
};

/// The GoogleTest tests of the project as a test suite of ns-3.
class DdnnTestSuite : public TestSuite
{
  public:
    DdnnTestSuite()
        : TestSuite("ddnn", TestSuite::Type::UNIT)
    {
    }

  private:
    /// Only here, after all static constructors, are GoogleTest's tests registered.
    void DoSetup() override
    {
        testing::InitGoogleTest();
        auto& googleTest = *testing::UnitTest::GetInstance();
        auto& listeners = googleTest.listeners();
        delete listeners.Release(listeners.default_result_printer());
        auto* failures = new FailureCollector; // owned by GoogleTest
        listeners.Append(failures);
        for (int i = 0; i < googleTest.total_test_suite_count(); ++i)
        {
            AddTestCase(new GoogleTestCase(googleTest.GetTestSuite(i)->name(), *failures));
        }
    }
};

DdnnTestSuite g_ddnnTestSuite; ///< registers itself

} // namespace
