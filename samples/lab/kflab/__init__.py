"""The lab behind `lab`: namespaces, servers, captures and scenarios."""
