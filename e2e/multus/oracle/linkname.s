// An empty assembly file: it lets main.go declare functions whose bodies are Multus' own.
