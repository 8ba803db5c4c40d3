Console.WriteLine("MlCluster");
