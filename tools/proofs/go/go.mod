module benchreport/proofs

go 1.21
