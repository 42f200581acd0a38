// Package analytics is the map of what is below it; it has no code of its own, only tests of the whole.
//
//	params    parameters, windows, lengths, instants
//	storage   files on this machine and in object stores
//	csvfile   the bytes of CSV files
//	input     what lies in a data folder
//	sandbox   a process with limits that may die
//	engine    DuckDB: connections, models, shared SQL
//	load      files into tables, and the rows that are rejected
//	pipeline  one run of the models, checks and findings
//	spark     the other backend of a run; hive is its driver
//	report    makes, writes, reads, verifies and compares reports
//	explain   why one store has its numbers
//	ingest    everything that changes the data folder
//	queue     reports in the background
//	generate  sample input
//
// Imports point one way: see TestImports.
package analytics
