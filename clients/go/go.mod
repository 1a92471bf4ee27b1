module shaketable.example/clients

go 1.24
